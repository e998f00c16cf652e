// The host: what turns services into one HTTP server.
export { FRONT_HEADERS, SESSION_COOKIE, findCookie, findSecret, identify, isSameSecret, type SessionCheck } from './credentials.ts'
export { createHost, isLoopback, toDescribedAccess, type Host, type HostOptions, type Readiness } from './host.ts'
export { createLog, createSilentLog, type LogOptions } from './log.ts'
export { toProblem, toStatus } from './problem.ts'
export { tryListen } from './try-listen.ts'
