from lattis_app.identity.permissions import ROLE_PERMISSIONS, Permission, Role
from lattis_app.ui.icons import icon_names
from lattis_app.ui.navigation import DRIVER_TABS, NavGroup, NavItem, current, groups, visible

GROUPS = (
    NavGroup("", (NavItem("Home", "/home", "layout-dashboard"),), order=0),
    NavGroup("Money", (NavItem("Invoices", "/invoices", "receipt-text", "money:read"),), order=20),
)


def test_an_item_without_a_permission_is_for_everybody() -> None:
    assert [group.label for group in visible(GROUPS, ())] == [""]


def test_an_item_is_seen_by_those_who_hold_its_permission() -> None:
    assert [item.label for group in visible(GROUPS, {"money:read"}) for item in group.items] == [
        "Home",
        "Invoices",
    ]


def test_a_group_of_which_nothing_is_seen_is_left_out() -> None:
    assert "Money" not in [group.label for group in visible(GROUPS, {"other:read"})]


def test_the_longest_fitting_address_is_the_current_place() -> None:
    places = (NavGroup("", (NavItem("Day", "/driver", "truck"), NavItem("Cash", "/driver/cash", "wallet"))),)

    assert current(places, "/driver/cash") == "/driver/cash"
    assert current(places, "/driver/job/[delivery_order_id]") == "/driver"
    assert current(places, "/drivers") == ""


def test_an_administrator_of_the_rental_business_sees_all_of_it() -> None:
    seen = visible(groups(), ROLE_PERMISSIONS[Role.ADMIN])

    assert [group.label for group in seen][:3] == ["", "Operations", "Money"]
    assert "/rental/assignment" in [item.href for item in seen[0].items]


def test_a_business_with_real_data_has_no_demo_clock() -> None:
    seen = [
        {
            item.href
            for group in visible(groups(), ROLE_PERMISSIONS[Role.ADMIN], real=real)
            for item in group.items
        }
        for real in (False, True)
    ]

    assert seen[0] - seen[1] == {"/system/clock"}


def test_a_driver_sees_nothing_of_the_office() -> None:
    assert visible(groups(), ROLE_PERMISSIONS[Role.DRIVER]) == ()


def test_every_permission_in_the_navigation_exists() -> None:
    asked = {item.permission for group in groups() for item in group.items if item.permission}

    assert asked <= {str(permission) for permission in Permission}


def test_every_item_has_an_icon_of_the_sprite() -> None:
    used = {item.icon for group in groups() for item in group.items} | {item.icon for item in DRIVER_TABS}

    assert used <= icon_names()


def test_what_stands_at_the_thumb_is_few_enough_for_a_phone() -> None:
    for role, permissions in ROLE_PERMISSIONS.items():
        at_thumb = [item for group in visible(groups(), permissions) for item in group.items if item.at_thumb]
        assert len(at_thumb) <= 5, role
