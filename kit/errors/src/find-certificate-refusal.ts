// Why a server's certificate was not trusted, wherever in an error a client library keeps it.

/** Of OpenSSL's verification (https://nodejs.org/api/tls.html#x509-certificate-error-codes), and of the name. */
const CODES = /^(CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|PATH_LENGTH_|ERR_TLS_CERT_)/

/** Without a full stop; undefined when it was something else. */
export function findCertificateRefusal(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error)) return undefined
  // Some go on with what Node could be started with, which helps at one command line at most.
  if ('code' in thrown && typeof thrown.code === 'string' && CODES.test(thrown.code)) return thrown.message.replace(/; if the root CA is.*$/s, '').replace(/\.$/, '')
  const inner: unknown[] = thrown instanceof AggregateError ? [...thrown.errors, thrown.cause] : [thrown.cause]
  for (const one of inner) {
    const found = findCertificateRefusal(one)
    if (found !== undefined) return found
  }
  return undefined
}
