import { registerRootComponent } from 'expo';
// The screen is that of the example without Expo.
import App from '../react-native/App';

registerRootComponent(App);
