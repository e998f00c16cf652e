// A small JSON Schema builder in the words of TypeBox, so that definitions type-check alone and carry nothing at run time.

/** `none`: says nothing about a person. `narrow`: personal, seen by those with a grant. `strict`: personal and sensitive. */
export type Personal = 'none' | 'narrow' | 'strict'

export type FieldOptions = { personal: Personal; description?: string }

declare const value: unique symbol
const isOptional: unique symbol = Symbol('optional')

/** A JSON Schema (2020-12) that remembers the TypeScript type it describes. */
export type Schema<T> = { readonly [value]?: T; readonly [keyword: string]: unknown }
export type OptionalSchema<T> = Schema<T> & { readonly [isOptional]: true }

/** The TypeScript type of a schema. */
export type Static<S> = S extends Schema<infer T> ? T : never

type Properties = Record<string, Schema<unknown>>
type OptionalKeys<P extends Properties> = { [K in keyof P]: P[K] extends OptionalSchema<unknown> ? K : never }[keyof P]
type ObjectOf<P extends Properties> = { [K in Exclude<keyof P, OptionalKeys<P>>]: Static<P[K]> } & { [K in OptionalKeys<P>]?: Static<P[K]> }

export const Type = {
  String: (options: FieldOptions & { minLength?: number; maxLength?: number; pattern?: string; format?: string }): Schema<string> => ({ type: 'string', ...options }),
  Number: (options: FieldOptions & { minimum?: number; maximum?: number }): Schema<number> => ({ type: 'number', ...options }),
  Integer: (options: FieldOptions & { minimum?: number; maximum?: number }): Schema<number> => ({ type: 'integer', ...options }),
  Boolean: (options: FieldOptions): Schema<boolean> => ({ type: 'boolean', ...options }),
  Enum: <const V extends string>(values: readonly V[], options: FieldOptions): Schema<V> => ({ type: 'string', enum: values, ...options }),
  Array: <T>(items: Schema<T>, options: FieldOptions & { maxItems?: number }): Schema<T[]> => ({ type: 'array', items, ...options }),
  /** The field may be left out. */
  Optional: <T>(schema: Schema<T>): OptionalSchema<T> => ({ ...schema, [isOptional]: true }),
  /** Unknown fields are refused. */
  Object: <P extends Properties>(properties: P): Schema<ObjectOf<P>> => ({
    type: 'object',
    properties,
    required: Object.keys(properties).filter((name) => !(properties[name] !== undefined && isOptional in properties[name])),
    additionalProperties: false,
  }),
}
