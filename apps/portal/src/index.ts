// The portal for the server: build it when its sources changed, and serve it.
export { buildPortal, type BuildPortalOptions } from './build-portal.ts'
export { createPortalRoutes, type PortalRouteOptions } from './portal-routes.ts'
