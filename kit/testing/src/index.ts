// What tests share: folders that go away and a disk that fails on demand.
export { createTempFolder, type TempFolder } from './temp-folder.ts'
