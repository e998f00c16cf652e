// From the bytes of one request to the bytes of its answer.
//
//   request  := key i16 | version i16 | correlation i32 | client id i16-string | flexible: tags | fields of the api
//   response := correlation i32 | flexible, but of ApiVersions: tags | fields of the api
import type { Ctx } from '@rondo/context'
import { createApiVersions, writeApiVersions } from './apis/api-versions.ts'
import { deleteGroups } from './apis/delete-groups.ts'
import { describeConfigs } from './apis/describe-configs.ts'
import { describeGroups, listGroups } from './apis/describe-groups.ts'
import { fetch } from './apis/fetch.ts'
import { findCoordinator } from './apis/find-coordinator.ts'
import { heartbeat, leaveGroup } from './apis/heartbeat.ts'
import { initProducerId } from './apis/init-producer-id.ts'
import { joinGroup, syncGroup } from './apis/join-group.ts'
import { listOffsets } from './apis/list-offsets.ts'
import { metadata } from './apis/metadata.ts'
import { offsetCommit } from './apis/offset-commit.ts'
import { offsetFetch } from './apis/offset-fetch.ts'
import { produce } from './apis/produce.ts'
import { saslAuthenticate, saslHandshake, signIn } from './apis/sasl.ts'
import type { Api, Caller, Face } from './call.ts'
import { CODE } from './error-code.ts'
import { MalformedRequest, WireReader } from './wire-reader.ts'
import { WireWriter } from './wire-writer.ts'

const apiVersions: Api = createApiVersions(() => APIS)

export const APIS: readonly Api[] = [
  produce, fetch, listOffsets, metadata, offsetCommit, offsetFetch, findCoordinator, joinGroup, heartbeat, leaveGroup, syncGroup, describeGroups, listGroups,
  saslHandshake, apiVersions, initProducerId, describeConfigs, deleteGroups, saslAuthenticate,
].toSorted((a, b) => a.key - b.key)

const BY_KEY: ReadonlyMap<number, Api> = new Map(APIS.map((api) => [api.key, api]))

/** The answer as a frame; undefined when the client wants none. Throws what the connection cannot go on after. */
export async function dispatch(face: Face, caller: Caller, frame: Buffer, ctx: Ctx): Promise<Buffer | undefined> {
  if (caller.signingIn === 'by-bare-token') return signInByToken(face, caller, frame, ctx)
  const request = new WireReader(frame, face.limits.maxElements)
  const answer = new WireWriter()
  const [key, version, correlation] = [request.int16(), request.int16(), request.int32()]
  const clientId = request.nullableString() ?? ''
  const api = BY_KEY.get(key)
  face.tally.requests += 1
  answer.int32(correlation)
  if (api === undefined) throw new MalformedRequest(`request ${key} is not answered here`)
  if (version < api.min || version > api.max) {
    if (api !== apiVersions) throw new MalformedRequest(`${api.name} version ${version} is not answered here, but ${api.min} to ${api.max}`)
    writeApiVersions(answer, APIS, 0, CODE.unsupportedVersion)
    return answer.toFrame()
  }
  if (api.isOpen !== true && caller.session === undefined) throw new MalformedRequest(`${api.name} came before the client had signed in`)
  request.flexible = version >= api.flexibleFrom
  request.tags()
  answer.flexible = request.flexible
  if (api !== apiVersions) answer.tags()
  const isAnswered = await api.handle({ face, caller, version, clientId, request, answer, ctx })
  return isAnswered === false ? undefined : answer.toFrame()
}

async function signInByToken(face: Face, caller: Caller, token: Buffer, ctx: Ctx): Promise<Buffer> {
  const { session, refusal } = await signIn({ face, caller, ctx }, token)
  if (session === undefined) throw new MalformedRequest(refusal)
  caller.session = session
  caller.signingIn = undefined
  return new WireWriter().toFrame()
}
