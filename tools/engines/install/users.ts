// Users of the machine: root may not run every engine.
import { readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { errors } from '../errors.ts'

export async function findUser(name: string): Promise<{ uid: number; gid: number }> {
  const line = (await readFile('/etc/passwd', 'utf8')).split('\n').find((row) => row.startsWith(`${name}:`))
  if (line === undefined) throw new Error(`The machine has no user "${name}". Install PostgreSQL by apt, which makes it.`)
  const [, , uid, gid] = line.split(':')
  return { uid: Number(uid), gid: Number(gid) }
}

/** Throws the command that opens the first closed folder on the way to `folder`, which itself belongs to the user. */
export async function assertMayEnter(folder: string, user: string): Promise<void> {
  const { uid, gid } = await findUser(user)
  for (let above = dirname(folder); ; above = dirname(above)) {
    const info = await stat(above)
    const open = info.uid === uid ? info.mode & 0o100 : info.gid === gid ? info.mode & 0o010 : info.mode & 0o001
    if (!open) throw errors.folderClosed({ folder: above, user })
    if (above === dirname(above)) return
  }
}
