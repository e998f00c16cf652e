// What a page loads that uses events and flags.
export { createBrowserRondo } from '../src/browser.ts'
export { withFlags } from '../src/index.ts'
