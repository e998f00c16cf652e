// The client library, loaded only when an address names S3.
import type * as Sdk from '@aws-sdk/client-s3'
import { errors } from '../errors.ts'

export type S3Library = typeof Sdk

/** `load` is `import` but in tests. Throws `PACKAGE_MISSING`, with the line that installs it. */
export async function loadS3(load: (name: string) => Promise<unknown> = (name) => import(name)): Promise<S3Library> {
  try {
    return (await load('@aws-sdk/client-s3')) as S3Library
  } catch (cause) {
    throw errors.packageMissing({ packages: ['@aws-sdk/client-s3@3.1173.0'] }, cause)
  }
}
