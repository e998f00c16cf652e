// Stands in for the schema library in the browser: a client only asks a contract for the names of its fields, so schemas keep nothing else.
type Shape = { properties: Record<string, unknown> }

function shapeOf(...parts: unknown[]): Shape {
  const properties: Record<string, unknown> = {}
  for (const part of parts.flat()) if (part !== null && typeof part === 'object' && 'properties' in part) Object.assign(properties, part.properties)
  return { properties }
}

const makers: Record<string, (...parts: unknown[]) => Shape> = {
  Object: (properties) => ({ properties: properties as Record<string, unknown> }),
  Interface: (bases, own) => ({ properties: { ...shapeOf(bases).properties, ...(own as Record<string, unknown>) } }),
}

/** Every builder of the schema library, by name; all but the two above merge the fields of their parts. */
export const Type = new Proxy(makers, { get: (known, name) => known[String(name)] ?? shapeOf })

/** Values are checked by the room that is asked, never in the browser; what would do it is named here so that it is left out of the bundle. */
export const [Compile, Convert, Default] = [refuse, refuse, refuse]

function refuse(): never {
  throw new Error('Schemas check nothing in the browser.')
}
