// The example with the pages of the tests beside it.
import { mergeConfig } from 'vite';
import example from './vite.config.js';

export default mergeConfig(example, { build: { rollupOptions: { input: ['index.html', 'test.html', 'meeting.html'] } } });
