// The host: what turns services into one HTTP server.
export { SESSION_COOKIE, findCookie, findSecret, identify, type SessionCheck } from './credentials.ts'
export { createHost, isLoopback, type Host, type HostOptions } from './host.ts'
export { createLog, createSilentLog, type LogOptions } from './log.ts'
export { toProblem, toStatus } from './problem.ts'
