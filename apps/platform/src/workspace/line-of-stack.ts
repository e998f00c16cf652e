// The line of a file that a stack names.
import { relative } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Undefined when the file at `path` is not in it. Stacks name files by their URL, their path, or their path from here. */
export function findLineOfStack(stack: string, path: string): number | undefined {
  for (const name of [pathToFileURL(path).href, path, relative(process.cwd(), path)]) {
    const at = stack.indexOf(`${name}:`)
    const line = at < 0 ? undefined : /^\d+/.exec(stack.slice(at + name.length + 1))?.[0]
    if (line !== undefined) return Number(line)
  }
  return undefined
}
