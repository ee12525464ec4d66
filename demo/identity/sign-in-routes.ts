import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Provider } from 'oidc-provider'
import { chooseLanguage } from '../page/language.ts'
import { type Page, renderPage } from '../page/page.ts'
import { checkPassword, type IdentityAccount } from './accounts.ts'
import { type LoginForm, loginPage, notePage } from './pages.ts'
import { sentences } from './sentences.ts'

type Deps = { provider: Provider; accounts: IdentityAccount[]; formTargets: string[]; serviceUrl: string | undefined }

const mostFormBytes = 10_000

/**
 * `GET /login/:uid` shows the form; `POST /login/:uid` takes it, `application/x-www-form-urlencoded`: `login`, `password`, optional
 * `language`. Right: 303 onwards to the service. Wrong: 401 and the page with a sentence. `fill=<login>`: the page, filled in.
 */
export async function handleLogin(deps: Deps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const details = await deps.provider.interactionDetails(request, response).catch(() => undefined)
  if (details === undefined || url.pathname !== `/login/${details.uid}`) {
    const language = chooseLanguage(request)
    return send(
      response,
      400,
      notePage(language, sentences[language].title, sentences[language].expired, deps.serviceUrl),
    )
  }
  const form: LoginForm = { action: url.pathname, accounts: deps.accounts, login: '', password: '' }
  if (request.method !== 'POST') return send(response, 200, loginPage(chooseLanguage(request), form), deps.formTargets)

  const fields = await readForm(request)
  const language = chooseLanguage(request, fields?.get('language'))
  const answer = decide(deps.accounts, fields ?? new URLSearchParams())
  if ('accountId' in answer) return await deps.provider.interactionFinished(request, response, { login: answer })
  send(response, answer.fault ? 401 : 200, loginPage(language, { ...form, ...answer }), deps.formTargets)
}

function decide(
  accounts: IdentityAccount[],
  fields: URLSearchParams,
): { accountId: string } | Pick<LoginForm, 'login' | 'password' | 'fault'> {
  const filled = accounts.find((account) => account.login === fields.get('fill'))
  if (filled) return { login: filled.login, password: filled.password }
  const login = fields.get('login')?.trim() ?? ''
  const password = fields.get('password') ?? ''
  if (login === '' || password === '') return { login, password: '', fault: 'empty' }
  const account = checkPassword(accounts, login, password)
  return account ? { accountId: account.login } : { login, password: '', fault: 'wrong' }
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  const length = Number(request.headers['content-length'])
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')
  // Without a length the body could be endless; browsers and fetch always send one for a form.
  if (!isForm || !(length <= mostFormBytes)) {
    request.resume()
    return undefined
  }
  return new URLSearchParams(await text(request))
}

/** Sends one page. */
export function send(response: ServerResponse, status: number, page: Page, formTargets: string[] = []): void {
  const { body, headers } = renderPage(page, formTargets)
  response.writeHead(status, headers).end(body)
}
