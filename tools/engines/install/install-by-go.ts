// Programs in Go, built into `bin/` of their folder. Building is niced: it takes minutes of every core.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runProgram } from './run-program.ts'

/** `go install MODULE@VERSION`. */
export async function installByGo(folder: string, module: string): Promise<void> {
  await go(folder, ['install', '-ldflags=-s -w', module], { GOBIN: join(folder, 'bin') })
}

/** A program of our own of one file, with one module. */
export async function buildByGo(folder: string, name: string, main: string, module: string): Promise<void> {
  await writeFile(join(folder, 'main.go'), main)
  await writeFile(join(folder, 'go.mod'), `module rondo/${name}\n\ngo 1.24\n`)
  await go(folder, ['get', module])
  await go(folder, ['mod', 'tidy'])
  await go(folder, ['build', '-ldflags=-s -w', '-o', `bin/${name}`, '.'])
}

async function go(folder: string, args: string[], env: Record<string, string> = {}): Promise<void> {
  // Asked by itself first: under nice its absence would be told less clearly.
  await runProgram('go', ['version'])
  await runProgram('nice', ['-n', '10', 'go', ...args], { cwd: folder, env })
}
