// A file system of a test's own with so many bytes and no more, so that it is seen what an engine does on a full disk.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { mkdir, open, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runProgram } from './install/run-program.ts'

export type SmallDisk = AsyncDisposable & {
  /** Takes what is free, but for `leaveBytes`. */
  fill(leaveBytes?: number): Promise<void>
  /** Gives back what `fill` took. */
  clear(): Promise<void>
}

const MIB = 2 ** 20

/** False where this process may mount a file system; else why not, as a test says `{ skip }`. */
export function smallDiskSkip(): string | false {
  const folder = mkdtempSync(join(tmpdir(), 'rondo-small-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'rondo', folder], { stdio: 'pipe' })
    execFileSync('umount', [folder])
    return false
  } catch (error) {
    return `a small disk needs the right to mount one: ${error instanceof Error ? (error.message.trim().split('\n').at(-1) ?? '') : String(error)}`
  } finally {
    rmdirSync(folder)
  }
}

/** Mounted over `folder`, until it is disposed of or this process ends. What a killed engine wrote stays on it. */
export async function mountSmallDisk(folder: string, sizeBytes: number, owner: { uid: number; gid: number } = { uid: 0, gid: 0 }): Promise<SmallDisk> {
  await mkdir(folder, { recursive: true })
  await runProgram('mount', ['-t', 'tmpfs', '-o', `size=${sizeBytes},mode=0700,uid=${owner.uid},gid=${owner.gid}`, 'rondo', folder])
  // It reads until nobody holds the other end any more, however this process ends. Lazily, since an engine may be ending just then.
  const keeper = spawn('sh', ['-c', 'cat; umount -l "$0"', folder], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  const ended = once(keeper, 'exit')
  keeper.unref()
  const ballast = join(folder, 'ballast')
  return {
    async fill(leaveBytes = 0) {
      const file = await open(ballast, 'a')
      try {
        for (;;) {
          const { bavail, bsize } = await statfs(folder)
          const takeBytes = Math.min(MIB, bavail * bsize - leaveBytes)
          if (takeBytes <= 0) return
          await file.write(Buffer.alloc(takeBytes))
        }
      } catch (error) {
        // The engine was faster, which is as full.
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
      } finally {
        await file.close()
      }
    },
    clear: () => rm(ballast, { force: true }),
    async [Symbol.asyncDispose]() {
      keeper.ref()
      keeper.stdin.end()
      await ended
    },
  }
}
