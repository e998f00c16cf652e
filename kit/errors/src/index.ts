// Errors of the house.
export { AppError, toAppError, type AppErrorInit, type ErrorDetails, type ErrorKind } from './app-error.ts'
export { defineErrors, entry, type ErrorEntry, type ErrorMaker } from './define-errors.ts'
export { findCertificateRefusal } from './find-certificate-refusal.ts'
export { hidePassword } from './hide-password.ts'
export { listClosest, sortByCloseness } from './list-closest.ts'
