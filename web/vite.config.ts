import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Where `npm run dev` passes API calls on to. */
const api = 'http://127.0.0.1:3000'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // Data URLs would need a looser content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: { '/api': { target: api, ws: true }, '/auth': api },
  },
})
