/*
 * The whole of the script. It changes a picture, a sentence, or loads the page again: which page that is, the server decides.
 * The link to the BankID app is never followed by it, and only on an iPad changed. It is written in the JavaScript of 2009, so that old phones and the
 * scripted browsers of test suites run it, too: ESLint reads it as ECMAScript 5.
 */
'use strict';
(function () {
  var main = /** @type {HTMLElement} */ (document.getElementById('content'));
  var statusPath = main.getAttribute('data-status') || '';
  var message = main.querySelector('[data-message]');
  /** What the page shows, in the words of the last answer: the next one comes when that changes, or after 20 seconds. */
  var shown = {
    version: main.getAttribute('data-version') || '',
    rfa: message ? message.getAttribute('data-rfa') || '' : '',
  };
  var failures = 0;
  /** @type {number | undefined} */
  var timer;
  /** @type {XMLHttpRequest | undefined} */
  var asking;
  var gone = false;

  function reload() {
    gone = true;
    location.replace(location.pathname);
  }

  /** @param {string} code @param {string} text */
  function show(code, text) {
    if (message === null || message.textContent === text) return;
    message.setAttribute('data-rfa', code);
    message.textContent = text;
  }

  /** @param {XMLHttpRequest} answer */
  function take(answer) {
    if (answer.status === 404) return reload();
    if (answer.status !== 200) throw new Error('status ' + answer.status);
    var status = JSON.parse(answer.responseText);
    failures = 0;
    if (status.version !== shown.version) return reload();
    var isNews = status.rfa !== shown.rfa;
    shown.rfa = status.rfa;
    show(status.rfa, status.message);
    return isNews;
  }

  function fail() {
    failures += 1;
    if (failures < 3) return;
    shown.rfa = '';
    show('', main.getAttribute('data-offline') || '');
  }

  /** One request at a time. News are followed by the next at once; others by the next two seconds after they were asked for. */
  function poll() {
    clearTimeout(timer);
    if (gone) return;
    var request = new XMLHttpRequest();
    var begun = Date.now();
    var former = asking;
    asking = request;
    if (former) former.abort();
    request.onloadend = function () {
      if (asking !== request) return;
      var isNews = false;
      try {
        isNews = take(request) === true;
      } catch (error) {
        fail();
      }
      clearTimeout(timer);
      if (!gone) timer = setTimeout(poll, isNews ? 0 : Math.max(0, begun + 2000 - Date.now()));
    };
    request.open('GET', statusPath + '?version=' + encodeURIComponent(shown.version) + '&rfa=' + shown.rfa);
    request.setRequestHeader('Accept', 'application/json');
    request.timeout = 30000;
    request.send();
  }

  function nextFrame() {
    var shown = /** @type {HTMLImageElement | null} */ (main.querySelector('[data-qr]'));
    if (shown !== null && !gone) replaceFrame(shown);
  }

  /** @param {HTMLImageElement} shown */
  function replaceFrame(shown) {
    var frame = /** @type {HTMLImageElement} */ (shown.cloneNode(false));
    // A frame that does not come: the order is being renewed, or has begun. The status will say which.
    function again() {
      setTimeout(nextFrame, 1000);
    }
    function swap() {
      // Some browsers tell twice that a picture is there.
      if (shown.parentNode === null) return;
      shown.parentNode.replaceChild(frame, shown);
      again();
    }
    if (!frame.decode) {
      frame.onload = swap;
      frame.onerror = again;
    }
    frame.src = shown.getAttribute('data-qr') + '?' + Date.now();
    if (frame.decode) frame.decode().then(swap, again);
  }

  /** @param {boolean} value */
  function setDisabled(value) {
    var buttons = document.querySelectorAll('button');
    for (var i = 0; i < buttons.length; i += 1) buttons[i].disabled = value;
  }

  if (statusPath !== '') {
    poll();
    // The way back from the app: a phone stops the timers of a page in the background.
    document.addEventListener('visibilitychange', function () {
      if (!document.hidden) poll();
    });
    window.addEventListener('pageshow', function (event) {
      if (event.persisted) poll();
    });
  }
  setTimeout(nextFrame, 1000);

  for (var i = 0; i < document.forms.length; i += 1) {
    document.forms[i].addEventListener('submit', function () {
      setDisabled(true);
    });
  }
  window.addEventListener('pageshow', function () {
    setDisabled(false);
  });

  /** @param {HTMLAnchorElement} link */
  function followSoon(link) {
    setTimeout(function () {
      location.assign(link.href);
    }, 2500);
  }

  /**
   * An iPad's Safari calls itself a Macintosh, and the server gives it the link of computers. No Mac has a touch screen.
   * @param {HTMLAnchorElement} link
   */
  function linkAsOnPhones(link) {
    if (!/Macintosh/.test(navigator.userAgent) || !(navigator.maxTouchPoints > 1)) return;
    var href = link.getAttribute('href') || '';
    link.setAttribute('href', href.replace(/^bankid:\/\/\/(\?autostarttoken=[^&]*).*$/, 'https://app.bankid.com/$1'));
  }

  var launch = /** @type {HTMLAnchorElement | null} */ (main.querySelector('a[data-launch]'));
  if (launch !== null) linkAsOnPhones(launch);

  var onward = /** @type {HTMLAnchorElement | null} */ (main.querySelector('a[data-continue]'));
  if (onward !== null) followSoon(onward);
})();
