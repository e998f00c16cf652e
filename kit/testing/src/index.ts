// What tests share: folders that go away, a disk and a network that fail on demand. The clock of tests is `createManualClock` of @rondo/time.
export { createFaultFileSystem, type DiskOperation, type FaultFileSystem } from './fault-file-system.ts'
export { createFaultProxy, type FaultProxy, type FaultProxyOptions, type LostAnswer } from './fault-proxy.ts'
export { createTempFolder, type TempFolder } from './temp-folder.ts'
