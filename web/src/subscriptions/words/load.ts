import { addWords } from '../../i18n/i18n.ts'
import { en } from './en.ts'
import { ko } from './ko.ts'

// They come with what shows them: few open it.
addWords('subscriptions', { ko, en })
