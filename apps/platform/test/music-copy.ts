// The example workspace somewhere else on the disk, to be broken and mended.
import assert from 'node:assert/strict'
import { cp, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTempFolder, type TempFolder } from '@rondo/testing'
import { CHECKOUT } from '../src/cli/place.ts'

export const MUSIC = join(CHECKOUT, 'examples/music')

export async function copyMusic(): Promise<TempFolder> {
  const folder = await createTempFolder()
  await cp(MUSIC, folder.path, { recursive: true, filter: (source) => !source.includes('.rondo') && !source.includes('node_modules') })
  return folder
}

/** Replaces the first `from` of a file. */
export async function edit(path: string, from: string, to: string): Promise<void> {
  const text = await readFile(path, 'utf8')
  assert.ok(text.includes(from), `"${from}" is in ${path}`)
  await saveFile(path, text.replace(from, to))
}

/** Whole or not at all, as editors save: a watcher never sees half of it. */
export async function saveFile(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text)
  await rename(`${path}.new`, path)
}

/** The number of the first line that holds `text`. */
export async function lineOf(path: string, text: string): Promise<number> {
  return (await readFile(path, 'utf8')).split('\n').findIndex((line) => line.includes(text)) + 1
}
