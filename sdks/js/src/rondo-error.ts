// The SDK's one error.

export class RondoClientError extends Error {
  readonly code: string
  readonly status: number | undefined
  constructor(code: string, message: string, status?: number) {
    super(message)
    this.name = 'RondoClientError'
    this.code = code
    this.status = status
  }
}
