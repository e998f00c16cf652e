// The browser app begins here.
import '@rondo/ui/styles.css'
import { UiProvider } from '@rondo/ui'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createPortalRouter } from './router.tsx'

const root = document.getElementById('root')
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <UiProvider>
        <RouterProvider router={createPortalRouter()} />
      </UiProvider>
    </StrictMode>,
  )
}
