// Chromium by playwright-core and Firefox by puppeteer-core over WebDriver BiDi, each with a camera and a microphone of its own, and nothing
// beyond this machine. MODULES is the folder with their packages.
import { createRequire } from 'node:module';

const require = createRequire(`${process.env.MODULES}/`);

const CHROMIUM = [
  '--no-sandbox', '--use-fake-device-for-media-stream=fps=30', '--use-fake-ui-for-media-stream', '--disable-features=WebRtcHideLocalIpsWithMdns',
  '--allow-loopback-in-peer-connection', '--autoplay-policy=no-user-gesture-required', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-background-timer-throttling', '--disable-renderer-backgrounding',
];
const FIREFOX = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.peerconnection.ice.loopback': true,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  'media.autoplay.default': 0,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'app.update.disabledForTesting': true,
};

// { browser, page, another }: what both drivers have in common is used alone. another() opens one more page that shares its storage.
export async function open(name, url) {
  const browser = name === 'firefox'
    ? await require('puppeteer-core').launch({ browser: 'firefox', executablePath: process.env.FIREFOX, headless: true, extraPrefsFirefox: FIREFOX })
    : await require('playwright-core').chromium.launch({ executablePath: process.env.CHROMIUM, args: CHROMIUM });
  const context = browser.newContext ? await browser.newContext() : browser;
  const another = async () => {
    const page = await context.newPage();
    page.on('pageerror', (why) => console.error(`${name}: ${why}`));
    page.on('console', (said) => console.error(`${name}: ${said.text()}`));
    await page.goto(url);
    return page;
  };
  return { browser, page: await another(), another };
}
