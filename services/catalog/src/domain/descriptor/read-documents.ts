// Strict YAML: every document of a descriptor file with the place of each of its fields.
import { isNode, LineCounter, parseAllDocuments, type Document } from 'yaml'

export type Place = { line: number; column: number }
export type Path = readonly (string | number)[]

export type DescriptorDocument = {
  /** Undefined where the YAML is broken; null for an empty document. */
  value: unknown
  faults: (Place & { code: string; message: string })[]
  /** Place of the value at a path, else of the nearest thing that holds it. */
  placeOf(path: Path): Place
}

export function readDocuments(text: string): DescriptorDocument[] {
  const counter = new LineCounter()
  const documents = parseAllDocuments(text, { lineCounter: counter, merge: true, strict: true, uniqueKeys: true, prettyErrors: false, logLevel: 'error' })
  const toPlace = (offset: number): Place => {
    const { line, col } = counter.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  return (Array.isArray(documents) ? documents : []).map((document) => {
    const faults = document.errors.map((error) => ({ ...toPlace(error.pos[0]), code: error.code, message: error.message }))
    return { ...read(document, faults, toPlace), placeOf: (path) => toPlace(offsetOf(document, path)) }
  })
}

/** Aliases can be written so that they expand without end; that throws here, and is a fault like any other. */
function read(document: Document.Parsed, faults: DescriptorDocument['faults'], toPlace: (offset: number) => Place): Pick<DescriptorDocument, 'value' | 'faults'> {
  if (faults.length > 0) return { value: undefined, faults }
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) as unknown, faults }
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown)
    return { value: undefined, faults: [{ ...toPlace(document.contents?.range[0] ?? 0), code: 'ALIASES', message }] }
  }
}

function offsetOf(document: Document.Parsed, path: Path): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return document.contents?.range[0] ?? document.range[0]
}
