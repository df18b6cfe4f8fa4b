"""Acting for others in a browser: an agent in a village hall, and the staff of a company."""

import json
import re
import time

import pytest

from tests.faces.portal.city import example
from tests.stories.people import Company, Officer, paper

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
THEME = "open-restaurant"


def code_on_the_phone(people: Company) -> str:
    """The newest code that the demo's SMS channel wrote; the worker sends it within seconds."""
    folder = people.town.folder / "outbox" / "sms"
    until = time.monotonic() + 60
    while time.monotonic() < until:
        letters = (
            sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime) if folder.exists() else []
        )
        for letter in reversed(letters):
            if found := re.search(r"验证码(\d{6})", json.loads(letter.read_text("utf-8"))["text"]):
                return found[1]
        time.sleep(0.3)
    raise AssertionError("no code came within a minute")


def helps(agent: Officer) -> str:
    """The wizard in the citizen's name, from its start to the receipt."""
    agent.presses("开始")
    walker = agent.as_citizen()
    walker.answers(example(THEME)["answers"])
    walker.goes_on()
    walker.goes_on()
    walker.fills_in()
    walker.hands_in()
    walker.wants_it_by("window")
    return walker.submits()


def test_an_agent_acts_in_a_village_hall(people: Company):
    """何秀珍, 79, has no smartphone. She signs a paper; the agent of her village does the rest in front of her."""
    agent = people.officer("huangjing")
    agent.opens("/work/helping/paper")
    agent.page.fill("#id_principal_name", "何秀珍")
    agent.page.fill("#id_principal_number", "422321194702122843")
    agent.choose("theme", THEME)
    agent.page.set_input_files("#id_paper", paper("authority.jpg"))
    agent.presses("登记并发验证码")
    agent.is_told("请何秀珍读出验证码", "138****0098")
    agent.page.fill("#code", "000000")
    agent.presses("确认授权")
    agent.is_told("还可以试4次")
    agent.page.fill("#code", code_on_the_phone(people))
    agent.presses("确认授权")
    agent.is_told("委托人已确认，授权生效", "何秀珍")

    agent.page.locator("main select[name=what]").select_option(label="我要开饭店")
    with agent.page.expect_navigation():
        agent.page.get_by_role("button", name=re.compile("^开始帮办")).click()
    agent.is_told("正在帮何秀珍办事", "以谁的名义办：")
    number = helps(agent)
    agent.opens("/work")
    agent.is_told("您正在帮何秀珍办事", "看不到工作台")
    agent.presses("结束帮办，回工作台")

    elder = people.citizen("elder", phone=True)
    elder.opens("/my/authorities")
    elder.is_told("余大勇", "书面授权", "提交申请")
    elder.looks_at(number)
    elder.opens("/my/authorities")
    with elder.page.expect_navigation():
        elder.page.get_by_role("button", name=re.compile("^撤回委托")).click()
    elder.is_told("已撤回，从这一刻起")
    agent.opens("/work/helping")
    agent.is_told("还没有人委托您", "已撤回")
    answer = agent.page.goto(f"/my/{number}")
    assert answer is not None
    assert answer.status == 403, "what one filed is seen no longer than one may act"
    assert "authority" in people.town.command("shell", "-v", "0", "-c", _LEDGER.format(number=number))


_LEDGER = """
from tongban.kernel.models import Entry
one = Entry.objects.get(stream="{number}", sequence=1)
assert one.actor.startswith("officer:") and one.authority.startswith("acting:"), (one.actor, one.authority)
print("authority")
"""


def test_the_staff_of_a_company(people: Company):
    """The owner of 星河商贸 lets a clerk close the company; he sees that and nothing else; without JavaScript."""
    owner = people.citizen("xinghe", javascript=False)
    owner.opens("/my/authorities")
    owner.is_told("本单位委托的人")
    owner.follows("委托别人办")
    owner.choose("agent", "person")
    owner.choose("tie", "staff")
    owner.page.fill("#id_name", "张明远")
    owner.page.fill("#id_number", "422301198803163153")
    owner.presses("继续")
    owner.is_told("委托张明远办什么")
    owner.presses("授权")
    owner.is_told("请至少选一件事")
    owner.choose("theme", "company-closing")
    owner.presses("授权")
    owner.is_told("已授权", "张明远", "单位人员")

    clerk = people.citizen("zhang", phone=True)
    clerk.opens("/my/authorities")
    clerk.is_told("委托我办的")
    clerk.presses("以咸宁星河商贸有限公司的名义办")
    clerk.opens("/themes/company-closing")
    clerk.is_told("以谁的名义办：", "星河商贸")
    clerk.presses("开始")
    owner.opens("/my/authorities")
    owner.presses("撤回委托 张明远")
    owner.is_told("已撤回")
    clerk.opens("/themes/company-closing/tasks")
    clerk.is_told("撤回对您的委托", "没有换到别人名下")
    clerk.choose("party", "person:1")
    clerk.presses("以此名义办事")
    clerk.opens("/my")
