#!/usr/bin/env node
// The `rondo` command. What was compiled at one start is kept for the next, so that a word answers at once.
import { enableCompileCache } from 'node:module'

enableCompileCache()
const { main } = await import('../src/cli/main.ts')

process.exitCode = await main(process.argv.slice(2))
