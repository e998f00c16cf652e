// The door for servers: a queue that survives the process. `createRondo({ url, writeKey, store: openFileStore({ folder }) })`.
export { openFileStore } from './node/open-file-store.ts'
