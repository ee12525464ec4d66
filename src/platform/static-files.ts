import { existsSync } from 'node:fs'
import path from 'node:path'
import fastifyStatic from '@fastify/static'
import { isApiCall } from './http/call-state.ts'
import type { HttpServer } from './http-server.ts'

const yearMs = 365 * 24 * 3_600_000

/**
 * Serves the pages that a build left in `folder`: files as they are, hashed ones under /assets kept for a year, and
 * index.html for every other page address, since the browser routes those itself. Unknown API paths stay not found.
 */
export async function serveStaticFiles(server: HttpServer, folder: string, publicUrl: string): Promise<void> {
  const root = path.resolve(folder)
  const home = new URL(publicUrl)
  await server.register(fastifyStatic, { root, serve: false, dotfiles: 'deny', cacheControl: false })
  server.get('/*', { config: { access: 'public' }, schema: { hide: true } }, async (request, reply) => {
    if (isApiCall(request)) return reply.callNotFound()
    const file = findFile(root, request.url.split('?')[0] ?? '/')
    if (file === undefined) return reply.callNotFound()
    // Two names of one loopback address keep cookies apart, and a sign-in would begin under one and end under the other.
    if (file === 'index.html' && isOtherLoopback(request.host, home)) return reply.redirect(home.origin + request.url)
    const isHashed = file.startsWith(`assets${path.sep}`)
    void reply.header('cache-control', isHashed ? `public, max-age=${yearMs / 1000}, immutable` : 'no-cache')
    return reply.sendFile(file)
  })
}

const loopbackName = /^(localhost|127\.0\.0\.1|\[::1\])$/

function isOtherLoopback(host: string, home: URL): boolean {
  const name = host.replace(/:\d+$/, '')
  return name !== home.hostname && loopbackName.test(name) && loopbackName.test(home.hostname)
}

/** The file for a path, relative to `root`; the page itself for addresses without a file's ending; undefined for none. */
function findFile(root: string, urlPath: string): string | undefined {
  const relative = path.normalize(decodePath(urlPath)).replace(/^[/\\]+/, '')
  if (!path.basename(relative).includes('.')) return 'index.html'
  const file = path.join(root, relative)
  return file.startsWith(root + path.sep) && existsSync(file) ? relative : undefined
}

function decodePath(urlPath: string): string {
  try {
    return decodeURIComponent(urlPath)
  } catch {
    return '/'
  }
}
