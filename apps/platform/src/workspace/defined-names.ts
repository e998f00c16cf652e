// Which names a workspace gave to the rooms of a data folder, so that what it defines no longer can be told from what others made.
import { readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { nodeFileSystem, writeFileDurably } from '@rondo/files'
import type { Definition } from 'rondo'
import { toName, type Workspace } from './workspace.ts'

export type DefinedName = { kind: Definition['kind']; name: string; file: string }

type Kept = { workspace: string; names: DefinedName[] }

const FILE = 'defined-names.json'

export type DefinedNames = {
  /** Names of the last set, and of sets since that were tried. None when another workspace gave them. */
  read(): Promise<DefinedName[]>
  write(names: DefinedName[]): Promise<void>
}

export async function openDefinedNames(dataFolder: string, workspace: Workspace): Promise<DefinedNames> {
  const folder = await realpath(workspace.folder)
  const file = join(dataFolder, FILE)
  let written: string | undefined
  return {
    async read() {
      try {
        written = (await readFile(file, 'utf8')).trim()
        const kept = JSON.parse(written) as Kept
        return kept.workspace === folder ? kept.names : []
      } catch {
        return []
      }
    },
    async write(names) {
      const text = JSON.stringify({ workspace: folder, names } satisfies Kept)
      if (text !== written) await writeFileDurably(nodeFileSystem, file, Buffer.from(`${text}\n`))
      written = text
    },
  }
}

export function listNames(workspace: Workspace): DefinedName[] {
  return workspace.definitions.map(({ definition, file }) => ({ kind: definition.kind, name: toName(definition), file }))
}

/** All of `first`, and what only `second` has. */
export function joinNames(first: DefinedName[], second: DefinedName[]): DefinedName[] {
  return [...first, ...findMissing(second, first)]
}

/** What `wanted` has and `present` has not. */
export function findMissing(wanted: DefinedName[], present: DefinedName[]): DefinedName[] {
  const there = new Set(present.map(({ kind, name }) => `${kind} ${name}`))
  return wanted.filter(({ kind, name }) => !there.has(`${kind} ${name}`))
}
