// Fields come back as they were written, in both forms, wherever the buffer that they are written into ends.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MalformedRequest, WireReader } from './wire-reader.ts'
import { WireWriter } from './wire-writer.ts'

const ID = Buffer.alloc(16, 9)

function writeAll(writer: WireWriter): void {
  writer.int8(-1)
  writer.int16(-2)
  writer.int32(-3)
  writer.int64(2 ** 52)
  writer.boolean(true)
  writer.uuid(ID)
  writer.string('ünï')
  writer.string(undefined)
  writer.byteString(Buffer.from('ab'), Buffer.from('c'))
  writer.array([1, 2, 300], (item) => writer.int32(item))
  writer.nullArray()
  writer.tags()
}

function readAll(reader: WireReader): unknown[] {
  const fields = [reader.int8(), reader.int16(), reader.int32(), reader.int64(), reader.boolean(), reader.uuid(), reader.string(), reader.nullableString(), reader.byteString().toString(), reader.array(() => reader.int32()), reader.nullableArray(() => reader.int32())]
  reader.tags()
  return fields
}

describe('fields of Kafka requests', () => {
  for (const flexible of [false, true]) {
    it(`EL50 they come back ${flexible ? 'with' : 'without'} varints, at every place of the growing buffer`, () => {
      for (let before = 380; before < 530; before += 1) {
        const writer = new WireWriter()
        writer.flexible = flexible
        for (let index = 0; index < before; index += 1) writer.int8(1)
        writeAll(writer)
        const reader = new WireReader(writer.toFrame().subarray(4 + before))
        reader.flexible = flexible
        assert.deepEqual(readAll(reader), [-1, -2, -3, 2 ** 52, true, ID, 'ünï', undefined, 'abc', [1, 2, 300], undefined])
        assert.equal(reader.left, 0)
      }
    })
  }

  it('EL51 a null where a text must be, and tags that end too early, are malformed', () => {
    assert.throws(() => new WireReader(Buffer.from('ffff', 'hex')).string(), MalformedRequest)
    const reader = new WireReader(Buffer.from('010005', 'hex'))
    reader.flexible = true
    assert.throws(() => reader.tags(), MalformedRequest)
  })
})
