// ApiVersions: what is spoken here. Its answer has the oldest header in every version, so that every client can read it.
//
//   request  := from 3: client name | client version
//   response := error i16 | [key i16 | min i16 | max i16] | from 1: throttle i32
import { CODE, type Code } from '../error-code.ts'
import type { Api } from '../call.ts'
import type { WireWriter } from '../wire-writer.ts'

export function createApiVersions(listApis: () => readonly Api[]): Api {
  return {
    key: 18,
    name: 'ApiVersions',
    min: 0,
    max: 3,
    flexibleFrom: 3,
    isOpen: true,
    handle: ({ answer, version }) => writeApiVersions(answer, listApis(), version, CODE.none),
  }
}

/** An unknown version is answered as version 0, with the code that says so. */
export function writeApiVersions(answer: WireWriter, apis: readonly Api[], version: number, code: Code): void {
  answer.int16(code)
  answer.array(apis, ({ key, min, max }) => {
    answer.int16(key)
    answer.int16(min)
    answer.int16(max)
    answer.tags()
  })
  if (version >= 1) answer.int32(0)
  answer.tags()
}
