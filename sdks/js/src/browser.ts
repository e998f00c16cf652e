// The door for pages: events that survive the page. Flags are added by `withFlags` of "@rondo/js".
export { createBrowserRondo, type BrowserOptions } from './browser/create-browser-rondo.ts'
