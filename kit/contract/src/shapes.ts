// Shapes that every contract is written with.
import { Type, type TArray, type TNull, type TObject, type TSchema, type TUnion } from 'typebox'

/** Lists of the control plane are always `{"rows":[…]}`. */
export function rowsOf<T extends TSchema>(row: T): TObject<{ rows: TArray<T> }> {
  return Type.Object({ rows: Type.Array(row) })
}

/** Null where there is no value; the field itself is always there. */
export function orNull<T extends TSchema>(schema: T): TUnion<[T, TNull]> {
  return Type.Union([schema, Type.Null()])
}
