// Errors are told by code, message and help, not by their type alone.
import assert from 'node:assert/strict'
import { AppError } from '@rondo/errors'

export function rejectsWith(work: Promise<unknown>, code: string, words: RegExp, help?: RegExp): Promise<void> {
  return assert.rejects(work, (thrown) => {
    assert.ok(thrown instanceof AppError, String(thrown))
    assert.equal(thrown.code, code, thrown.message)
    assert.match(thrown.message, words)
    if (help !== undefined) assert.match(thrown.help ?? '', help)
    return true
  })
}
