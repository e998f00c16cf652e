// Mantine's theme, so that its inputs and menus speak the design language: tuples for its colour props, roles for everything else.
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core'

const ink: MantineColorsTuple = ['#eeebe5', '#dcd8d1', '#b9b5af', '#98938c', '#857f79', '#6f6963', '#514c46', '#3f3a34', '#2b2622', '#1f1b17']
const tonic: MantineColorsTuple = ['#e1eff9', '#c3dff0', '#89c4e3', '#64a6d4', '#478fb8', '#3a7fa8', '#1f5f86', '#1a5072', '#1f3340', '#15242e']
const good: MantineColorsTuple = ['#dff3e5', '#bfe3cb', '#9bd0ac', '#7abe92', '#5ba377', '#468c61', '#33774f', '#2a6241', '#213328', '#17241c']
const late: MantineColorsTuple = ['#fbedd2', '#f6dba6', '#edbb6a', '#d99e46', '#cb7e19', '#b26d15', '#985e13', '#7d4d0f', '#3d2f19', '#2b2111']
const bad: MantineColorsTuple = ['#fce9e6', '#f7c9c3', '#f29a91', '#ed756a', '#da5249', '#c43d37', '#af2c28', '#912320', '#462623', '#301917']
const blocked: MantineColorsTuple = ['#f7e9f2', '#e6c5db', '#d9a4c9', '#cb83b6', '#a9609a', '#89467c', '#692e5e', '#56254d', '#3b2835', '#291b25']

export const theme = createTheme({
  primaryColor: 'ink',
  primaryShade: { light: 9, dark: 0 },
  autoContrast: true,
  defaultRadius: 'sm',
  colors: { ink, tonic, good, late, bad, blocked },
  fontFamily: 'var(--sans)',
  fontFamilyMonospace: 'var(--mono)',
  headings: { fontFamily: 'var(--sans)', fontWeight: '600' },
  fontSizes: { xs: '11.5px', sm: '12.5px', md: '13px', lg: '15px', xl: '19px' },
  radius: { xs: '4px', sm: '7px', md: '10px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '20px', xl: '32px' },
  shadows: { md: 'var(--shadow)' },
  focusRing: 'auto',
  cursorType: 'pointer',
  respectReducedMotion: true,
})

const roles = {
  '--mantine-color-body': 'var(--sheet)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--ink-3)',
  '--mantine-color-placeholder': 'var(--ink-3)',
  '--mantine-color-anchor': 'var(--tonic)',
  '--mantine-color-error': 'var(--bad)',
  '--mantine-color-default': 'var(--raised)',
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-hover': 'var(--sunk)',
  '--mantine-color-default-border': 'var(--line-2)',
  '--mantine-primary-color-contrast': 'var(--sheet)',
}

/** Maps Mantine's own names to the roles of `tokens.css`, in both schemes. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({ variables: {}, light: roles, dark: roles })
