// What tests share: folders that go away and a disk that fails on demand. The clock of tests is `createManualClock` of @rondo/time.
export { createFaultFileSystem, type DiskOperation, type FaultFileSystem } from './fault-file-system.ts'
export { createTempFolder, type TempFolder } from './temp-folder.ts'
