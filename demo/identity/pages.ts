import { type Html, html } from '../page/html.ts'
import type { Language, Page } from '../page/page.ts'
import type { IdentityAccount } from './accounts.ts'
import { sentences } from './sentences.ts'

export type LoginForm = {
  action: string
  accounts: IdentityAccount[]
  login: string
  password: string
  fault?: 'wrong' | 'empty'
}

/** The login page. Its form posts `login` and `password`; `fill` instead asks for the page again with a demo account filled in. */
export function loginPage(language: Language, form: LoginForm): Page {
  const say = sentences[language]
  const fault = form.fault && html`<p class="fault" role="alert">${say[form.fault]}</p>`
  const other = language === 'ko' ? 'en' : 'ko'
  const body = html`<main>
<form class="card" method="post" action="${form.action}" id="sign-in">
<h1>${say.heading}</h1>
<p class="quiet">${say.lead}</p>
${fault}
<input type="hidden" name="language" value="${language}">
<label for="login">${say.login}</label>
<input id="login" name="login" value="${form.login}" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="100"${focusWhen(!form.login)}>
<label for="password">${say.password}</label>
<input id="password" name="password" type="password" value="${form.password}" autocomplete="current-password" required maxlength="200"${focusWhen(form.login !== '' && form.password === '')}>
<button class="primary" id="submit"${focusWhen(form.password !== '')}>${say.submit}</button>
<h2 id="accounts">${say.accounts}</h2>
<ul class="accounts" aria-labelledby="accounts">${form.accounts.map((account) => accountButton(account, form.login))}</ul>
<p class="quiet">${say.accountsLead}</p>
</form>
<footer class="quiet"><span>${say.note}</span><a href="${form.action}?language=${other}" hreflang="${other}" lang="${other}">${say.otherLanguage}</a></footer>
</main>`
  return { title: say.title, language, body, script: fillScript }
}

function focusWhen(focused: boolean): Html | undefined {
  return focused ? html` autofocus` : undefined
}

function accountButton(account: IdentityAccount, chosen: string): Html {
  const pressed = account.login === chosen ? 'true' : 'false'
  return html`<li><button name="fill" value="${account.login}" formnovalidate aria-pressed="${pressed}" data-password="${account.password}"><span>${account.name}</span><span class="quiet">${account.department} ${account.title}</span></button></li>`
}

/** Fills the form without asking the server for the page again. Without scripts the buttons still work. */
const fillScript = `
for (const button of document.querySelectorAll('button[name=fill]')) {
  button.addEventListener('click', (event) => {
    event.preventDefault()
    document.getElementById('login').value = button.value
    document.getElementById('password').value = button.dataset.password
    for (const other of document.querySelectorAll('button[name=fill]')) other.setAttribute('aria-pressed', String(other === button))
    document.getElementById('submit').focus()
  })
}
`

/** Signs out by itself when `certain` (the request proved who asks), else asks with one button. `form` carries the provider's own token. */
export function signOutPage(language: Language, form: Html, certain: boolean): Page {
  const say = sentences[language]
  const body = html`<main><div class="card">
<h1>${say.signOut}</h1>
<p class="quiet">${say.signOutLead}</p>
${form}
<button class="primary" form="op.logoutForm" name="logout" value="yes" id="submit" autofocus>${say.signOut}</button>
</div></main>`
  return { title: say.signOut, language, body, ...(certain && { script: `document.getElementById('submit').click()` }) }
}

/** A page of one heading and one sentence, with a way back to the service where one is known. */
export function notePage(language: Language, heading: string, sentence: string, backTo?: string): Page {
  const link = backTo && html`<p><a href="${backTo}">${sentences[language].back}</a></p>`
  const body = html`<main><div class="card"><h1>${heading}</h1><p class="quiet">${sentence}</p>${link}</div></main>`
  return { title: heading, language, body }
}
