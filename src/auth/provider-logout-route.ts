import { z } from 'zod'
import { errorBodySchema } from '#platform/envelope'
import { AppError } from '#platform/errors'
import type { HttpServer } from '#platform/http-server'
import { platformErrors } from '#platform/platform-errors'
import type { SignIn } from './sign-in.ts'

const formType = 'application/x-www-form-urlencoded'
const bodyLimit = 16 * 1024

/**
 * Where the identity provider tells us that a person has signed out there (OpenID Connect Back-Channel Logout 1.0, 2.5): the
 * one route that takes a form. Who calls is told by the token's signature.
 */
export function registerProviderLogout(server: HttpServer, signIn: SignIn): void {
  void server.register(async (scope: HttpServer) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(formType, { parseAs: 'string', bodyLimit }, (_, body, done) => readForm(body, done))
    scope.post(
      '/auth/backchannel-logout',
      {
        bodyLimit,
        config: { access: 'public' },
        schema: {
          consumes: [formType],
          body: z.object({ logout_token: z.string().min(1) }),
          response: { 200: z.null(), 400: errorBodySchema, 503: errorBodySchema },
        },
        onRequest: async (_, reply) => void reply.header('cache-control', 'no-store'),
      },
      async (request, reply) => {
        await signIn.endByProvider(request.body.logout_token, request.ip)
        return reply.send(null)
      },
    )
  })
}

/** A field that comes twice may mean either: refused. */
function readForm(body: string | Buffer, done: (error: Error | null, form?: Record<string, string>) => void): void {
  const fields = [...new URLSearchParams(body.toString())]
  const form = Object.fromEntries(fields)
  if (Object.keys(form).length === fields.length) done(null, form)
  else done(new AppError(platformErrors.badRequest))
}
