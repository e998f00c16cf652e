// How the browser app is bundled: contracts without their schema library, icons one by one, faces preloaded.
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import type { InlineConfig, Plugin } from 'vite'

export function createViteConfig(root: string, outDir: string): InlineConfig {
  return {
    root,
    configFile: false,
    envDir: false,
    logLevel: 'warn',
    publicDir: 'public',
    plugins: [splitIcons(), react(), preloadFaces()],
    resolve: { alias: [{ find: /^typebox(\/(compile|value))?$/, replacement: fileURLToPath(new URL('../web/schema-shapes.ts', import.meta.url)) }] },
    build: { outDir, emptyOutDir: true, target: 'es2023', assetsInlineLimit: 0, modulePreload: { polyfill: false }, reportCompressedSize: false, chunkSizeWarningLimit: 700 },
  }
}

/** `import { IconX } from '@tabler/icons-react'` reads one file an icon; the package's index would make the bundler read six thousand. */
function splitIcons(): Plugin {
  return {
    name: 'split-icons',
    enforce: 'pre',
    transform: {
      filter: { id: /\.tsx?$/, code: '@tabler/icons-react' },
      handler(code) {
        return code.replace(/import\s*\{([^}]*)\}\s*from\s*'@tabler\/icons-react'/g, (_, names: string) =>
          names.split(',').map((name) => name.trim()).filter((name) => name !== '' && !name.startsWith('type ')).map((name) => {
            const [icon = '', local = icon] = name.split(/\s+as\s+/)
            return `import ${local} from '@tabler/icons-react/dist/esm/icons/${icon}.mjs'`
          }).join('\n'))
      },
    },
  }
}

/** The two faces of the first page start loading with the HTML. */
function preloadFaces(): Plugin {
  return {
    name: 'preload-faces',
    transformIndexHtml: {
      order: 'post',
      handler(_, { bundle }) {
        return Object.keys(bundle ?? {}).filter((name) => /(hanken-grotesk|source-serif).*\.woff2$/.test(name)).map((name) => ({ tag: 'link', injectTo: 'head' as const, attrs: { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: true, href: `/${name}` } }))
      },
    },
  }
}
