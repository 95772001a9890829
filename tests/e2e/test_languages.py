"""The languages of the product in a browser: Malay on a driver's phone, Arabic from right to left."""

from playwright.sync_api import Browser, Page, expect

from tests.copies import RunningCopy


def fits(phone: Page) -> None:
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), phone.url


def test_a_driver_reads_malay_and_does_a_step(browser: Browser, copy: RunningCopy) -> None:
    context = browser.new_context(base_url=copy.url, viewport={"width": 375, "height": 812}, locale="ms-MY")
    phone, wrong = context.new_page(), list[str]()
    phone.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    phone.on("pageerror", lambda error: wrong.append(str(error)))

    phone.goto("/sign-in?as=driver")
    expect(phone.get_by_role("heading", name="Log masuk")).to_be_visible()
    phone.get_by_label("Nama anda").fill("Lim Wei")
    phone.get_by_label("Nombor kad pengenalan").fill("880203-10-5521")
    phone.get_by_label("Telefon", exact=True).fill("012-3456790")
    phone.get_by_role("button", name="Mulakan hari saya").click()
    expect(phone.get_by_role("navigation").get_by_text("My day")).to_be_visible()
    phone.get_by_role("button", name="Language").click()
    phone.get_by_role("menuitem", name="Bahasa Melayu").click()

    expect(phone.get_by_role("navigation").get_by_text("Hari saya")).to_be_visible()
    phone.locator("main a.card-link", has_text="Kutip").first.click()
    phone.get_by_role("button", name="Tong dikutip").click()
    expect(phone.get_by_role("heading", name="Tutup kerja")).to_be_visible()
    fits(phone)
    assert wrong == []
    context.close()


def test_arabic_begins_at_the_right(browser: Browser, copy: RunningCopy) -> None:
    context = browser.new_context(base_url=copy.url, viewport={"width": 375, "height": 812}, locale="ar")
    page, wrong = context.new_page(), list[str]()
    page.on("pageerror", lambda error: wrong.append(str(error)))

    page.goto("/sign-in")

    expect(page.get_by_role("heading", name="تسجيل الدخول")).to_be_visible()
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["ar", "rtl"]
    fits(page)
    assert wrong == []
    context.close()
