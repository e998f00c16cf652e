// What a source file imports and which of the machine's own sources of time, chance and input it touches.
import { parseSync, Visitor } from 'oxc-parser'

export type Place = { line: number; column: number }

export type Import = Place & {
  specifier: string
  /** Erased when run: `import type`, or only types among its names. */
  typeOnly: boolean
  /** Names as the other file exports them; empty for `import './x.ts'` and `export *`. */
  names: string[]
}

/** For instance "Date.now" at its place. */
export type Impurity = Place & { what: string }

export type Source = { imports: Import[]; impurities: Impurity[] }

const impureMembers = new Set(['Date.now', 'Math.random', 'performance.now', 'crypto.getRandomValues', 'crypto.randomUUID'])
const impureNames = new Set(['process', 'fetch', 'setTimeout', 'setInterval', 'setImmediate', 'performance'])

/** `text` is TypeScript; what cannot be parsed says why. */
export function readSource(file: string, text: string): Source | { failure: string } {
  const parsed = parseSync(file, text)
  const failure = parsed.errors[0]
  if (failure !== undefined) return { failure: `The file cannot be parsed: ${failure.message}.` }
  const at = createPlaces(text)
  const imports: Import[] = []
  const impurities: Impurity[] = []

  for (const entry of parsed.module.staticImports) {
    const names = entry.entries.flatMap((one) => (one.importName.name === null ? [] : [one.importName.name]))
    const typeOnly = entry.entries.length > 0 && entry.entries.every((one) => one.isType)
    imports.push({ specifier: entry.moduleRequest.value, typeOnly, names, ...at(entry.moduleRequest.start) })
  }
  for (const entry of parsed.module.staticExports) {
    const request = entry.entries.find((one) => one.moduleRequest !== null)?.moduleRequest
    if (request === undefined || request === null) continue
    const names = entry.entries.flatMap((one) => (one.importName.name === null ? [] : [one.importName.name]))
    imports.push({ specifier: request.value, typeOnly: entry.entries.every((one) => one.isType), names, ...at(request.start) })
  }
  new Visitor({
    ImportExpression: (node) => {
      if (node.source.type === 'Literal' && typeof node.source.value === 'string') {
        imports.push({ specifier: node.source.value, typeOnly: false, names: [], ...at(node.start) })
      }
    },
    TSImportType: (node) => {
      imports.push({ specifier: node.source.value, typeOnly: true, names: [], ...at(node.start) })
    },
    MemberExpression: (node) => {
      if (node.object.type !== 'Identifier' || node.property.type !== 'Identifier') return
      const object = node.object.name
      const what = `${object}.${node.property.name}`
      if (impureMembers.has(what) || impureNames.has(object)) impurities.push({ what: impureNames.has(object) ? object : what, ...at(node.start) })
    },
    CallExpression: (node) => {
      if (node.callee.type === 'Identifier' && impureNames.has(node.callee.name)) impurities.push({ what: node.callee.name, ...at(node.start) })
    },
    NewExpression: (node) => {
      if (node.callee.type === 'Identifier' && node.callee.name === 'Date' && node.arguments.length === 0) impurities.push({ what: 'new Date()', ...at(node.start) })
    },
  }).visit(parsed.program)
  return { imports, impurities }
}

function createPlaces(text: string): (offset: number) => Place {
  const starts = [0]
  for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) starts.push(i + 1)
  return (offset) => {
    let line = starts.findIndex((start) => start > offset)
    if (line === -1) line = starts.length
    return { line, column: offset - (starts[line - 1] ?? 0) + 1 }
  }
}
