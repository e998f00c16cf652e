// The package as a customer has it: built, packed, and installed in an empty folder without a network.
import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const BUILD = join(import.meta.dirname, '../packaging/build-package.ts')

/** Returns the folder of the program that has it in its `node_modules`. */
export async function installPackage(folder: string): Promise<string> {
  const [built, program] = [join(folder, 'built'), join(folder, 'program')]
  await mkdir(program, { recursive: true })
  await run(process.execPath, [BUILD, built])
  const { stdout } = await run('npm', ['pack', built, '--pack-destination', folder, '--json'])
  const [packed] = JSON.parse(stdout) as { filename: string }[]
  if (packed === undefined) throw new Error('Nothing was packed.')
  await writeFile(join(program, 'package.json'), '{ "name": "program", "private": true, "type": "module" }')
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', join(folder, packed.filename)], { cwd: program })
  return program
}
