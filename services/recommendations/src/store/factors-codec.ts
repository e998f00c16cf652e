// Factors of a model as bytes.
//
//   header length (u32 LE) | header JSON | padding to 4 | userFactors | itemFactors | itemGram, all f32 LE

/** What answers need: item factors and their Gram matrix, by item name; what lists need besides: user factors, by user name. */
export type Factors = {
  users: string[]
  items: string[]
  dimensions: number
  alpha0: number
  regularization: number
  nu: number
  /** Per item: listeners with a positive score. */
  listenersOf: number[]
  userFactors: Float32Array
  itemFactors: Float32Array
  itemGram: Float32Array
}

type Header = Omit<Factors, 'userFactors' | 'itemFactors' | 'itemGram'> & { lengths: [number, number, number] }

export function encodeFactors({ userFactors, itemFactors, itemGram, ...header }: Factors): Uint8Array {
  const lengths: Header['lengths'] = [userFactors.length, itemFactors.length, itemGram.length]
  const text = Buffer.from(JSON.stringify({ ...header, lengths } satisfies Header))
  const start = Math.ceil((4 + text.length) / 4) * 4
  const bytes = Buffer.alloc(start + 4 * (userFactors.length + itemFactors.length + itemGram.length))
  bytes.writeUInt32LE(text.length, 0)
  text.copy(bytes, 4)
  let at = start
  for (const part of [userFactors, itemFactors, itemGram]) {
    Buffer.from(part.buffer, part.byteOffset, part.byteLength).copy(bytes, at)
    at += part.byteLength
  }
  return bytes
}

export function decodeFactors(bytes: Uint8Array): Factors {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = buffer.readUInt32LE(0)
  const { lengths, ...header } = JSON.parse(buffer.toString('utf8', 4, 4 + length)) as Header
  let at = Math.ceil((4 + length) / 4) * 4
  const next = (count: number): Float32Array => {
    const part = new Float32Array(count)
    Buffer.from(part.buffer).set(buffer.subarray(at, at + 4 * count))
    at += 4 * count
    return part
  }
  return { ...header, userFactors: next(lengths[0]), itemFactors: next(lengths[1]), itemGram: next(lengths[2]) }
}
