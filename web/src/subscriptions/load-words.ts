import i18next from 'i18next'
import { en } from '../admin/words/en.ts'
import { ko } from '../admin/words/ko.ts'

// The words of pages that few open are loaded with them.
i18next.addResourceBundle('ko', 'admin', ko)
i18next.addResourceBundle('en', 'admin', en)
