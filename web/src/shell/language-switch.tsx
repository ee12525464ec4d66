import { useTranslation } from 'react-i18next'
import { chooseLanguage, type UiLanguage } from '../i18n/i18n.ts'
import classes from './language-switch.module.css'

const choices: { language: UiLanguage; short: string }[] = [
  { language: 'ko', short: '한국어' },
  { language: 'en', short: 'EN' },
]

/** Korean or English, both always in sight: who needs the other can't read the label of a menu. */
export function LanguageSwitch() {
  const { t, i18n } = useTranslation()
  return (
    <fieldset className={classes.group}>
      <legend className="hidden-text">{t('language.label')}</legend>
      {choices.map(({ language, short }) => (
        <button
          key={language}
          type="button"
          lang={language}
          className={classes.choice}
          aria-pressed={i18n.language === language}
          title={t(`language.${language}`)}
          onClick={() => void chooseLanguage(language)}
        >
          {short}
        </button>
      ))}
    </fieldset>
  )
}
