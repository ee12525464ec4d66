import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'

/**
 * Headers for pages built by Vite with Mantine: scripts, pictures, fonts and calls from our own origin only, no framing.
 * `callsTo`: origins that pages may call besides. Mantine sets styles from scripts, hence 'unsafe-inline' for styles alone. Nothing is kept in caches unless a route says so.
 */
export async function setSecurityHeaders(
  server: FastifyInstance,
  { publicUrl, callsTo = [] }: { publicUrl: string; callsTo?: readonly string[] | undefined },
): Promise<void> {
  const { protocol, host } = new URL(publicUrl)
  const isSecure = protocol === 'https:'
  await server.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'", 'data:'],
        // Browsers before 2023 do not count ws: as 'self'.
        connectSrc: ["'self'", `${isSecure ? 'wss' : 'ws'}://${host}`, ...callsTo],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        ...(isSecure && { upgradeInsecureRequests: [] }),
      },
    },
    hsts: isSecure,
    xFrameOptions: { action: 'deny' },
  })
  server.addHook('onRequest', async (_, reply) => void reply.header('cache-control', 'no-store'))
}
