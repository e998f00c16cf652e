// SaslHandshake and SaslAuthenticate: a user and a password by PLAIN (RFC 4616).
//
//   handshake    request := mechanism                 response := error i16 | [mechanism]
//                after version 0 the next request is the token alone, and its answer is empty
//   authenticate request := bytes                     response := error i16 | message | bytes | from 1: session lifetime i64
import { CODE } from '../error-code.ts'
import { AppError } from '@rondo/errors'
import type { Api, Call } from '../call.ts'
import type { FaceSession } from '../port.ts'

const MECHANISM = 'PLAIN'

export const saslHandshake: Api = {
  key: 17,
  name: 'SaslHandshake',
  min: 0,
  max: 1,
  flexibleFrom: Infinity,
  isOpen: true,
  handle({ request, answer, caller, version }) {
    const isKnown = request.string() === MECHANISM
    caller.signingIn = isKnown ? (version === 0 ? 'by-bare-token' : 'by-request') : undefined
    answer.int16(isKnown ? CODE.none : CODE.unsupportedMechanism)
    answer.array([MECHANISM], (name) => answer.string(name))
  },
}

export const saslAuthenticate: Api = {
  key: 36,
  name: 'SaslAuthenticate',
  min: 0,
  max: 2,
  flexibleFrom: 2,
  isOpen: true,
  async handle(call) {
    const { request, answer, caller, version } = call
    const token = request.byteString()
    const { session, refusal } = caller.signingIn === undefined ? { session: undefined, refusal: 'SaslHandshake comes first.' } : await signIn(call, token)
    if (session !== undefined) caller.session = session
    answer.int16(session !== undefined ? CODE.none : caller.signingIn === undefined ? CODE.illegalSaslState : CODE.signInFailed)
    answer.string(refusal)
    answer.byteString(Buffer.alloc(0))
    if (version >= 1) answer.int64(0)
    answer.tags()
  },
}

/** PLAIN := [authorization] 0x00 user 0x00 password */
export async function signIn({ face, caller, ctx }: Pick<Call, 'face' | 'caller' | 'ctx'>, token: Buffer): Promise<{ session: FaceSession | undefined; refusal: string | undefined }> {
  const [, user = '', password, ...rest] = token.toString('utf8').split('\0')
  if (password === undefined || rest.length > 0) return { session: undefined, refusal: 'This is no user and password as PLAIN has them.' }
  try {
    const session = await face.signIn({ user, password }, caller.address, ctx)
    return { session, refusal: session === undefined ? 'No such key is known.' : undefined }
  } catch (thrown) {
    if (thrown instanceof AppError) return { session: undefined, refusal: thrown.message }
    throw thrown
  }
}
