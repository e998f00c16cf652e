// The file system as file drivers see it: few calls, the machine's implementation, and durable building blocks.
export { type FileSystem, type FolderEntry, type OpenFile, type OpenFlags, type PathInfo } from './file-system.ts'
export { acquireFolderLock, FolderLockedError, type FolderLock } from './folder-lock.ts'
export { findErrno, isStorageFull } from './errno.ts'
export { makeFolderDurably } from './make-folder-durably.ts'
export { nodeFileSystem } from './node-file-system.ts'
export { nodeProcessIdentity, type ProcessIdentity } from './process-identity.ts'
export { writeFileDurably } from './write-file-durably.ts'
