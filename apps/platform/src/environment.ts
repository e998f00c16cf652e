// Variables of the environment that the platform knows. Read once by the command; nothing else looks there.
import type { GivenKeys } from '@rondo/access'
import { readEnvironment } from '@rondo/config'
import { Type } from 'typebox'

/** 1 to 65535. */
const PORT = '^([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])$'

const Variables = Type.Object({
  RONDO_ADMIN_TOKEN: Type.Optional(Type.String()),
  RONDO_WRITE_KEY: Type.Optional(Type.String()),
  RONDO_CLIENT_SECRET: Type.Optional(Type.String()),
  RONDO_MASTER_KEY: Type.Optional(Type.String()),
  RONDO_KAFKA_PORT: Type.Optional(Type.String({ pattern: PORT })),
})

export type Environment = {
  /** Values that operators give at the first start, as with a database image. */
  keys: GivenKeys
  /** With this the rooms that run elsewhere are called. */
  peerToken: string | undefined
  /** Under this the keys of users lie; without it the data folder holds one. */
  masterKey: string | undefined
  /** Where Kafka's clients are answered. */
  kafkaPort: number | undefined
}

export function readPlatformEnvironment(variables: NodeJS.ProcessEnv): Environment {
  const { RONDO_ADMIN_TOKEN: adminToken, RONDO_WRITE_KEY: writeKey, RONDO_CLIENT_SECRET: clientSecret, RONDO_MASTER_KEY: masterKey, RONDO_KAFKA_PORT: kafkaPort } = readEnvironment(Variables, variables)
  return {
    keys: { ...(adminToken === undefined ? {} : { adminToken }), ...(writeKey === undefined ? {} : { writeKey }), ...(clientSecret === undefined ? {} : { clientSecret }) },
    peerToken: adminToken,
    masterKey,
    kafkaPort: kafkaPort === undefined ? undefined : Number(kafkaPort),
  }
}
