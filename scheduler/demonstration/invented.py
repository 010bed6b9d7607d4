"""Invented people, marked as such: no name, address or number here belongs to anybody."""

from random import Random

MARK = "(minh họa)"
DOMAIN = "minhhoa.example.com"
"""Reserved for examples (RFC 2606): no letter to it could ever arrive."""

FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý")
MIDDLE = ("Văn", "Thị", "Minh", "Thu", "Quang", "Ngọc", "Đức", "Thanh", "Hữu", "Kim", "Xuân", "Hồng")
GIVEN = (
    "An", "Bình", "Châu", "Dũng", "Giang", "Hà", "Hạnh", "Hiếu", "Hương", "Khánh", "Lan", "Linh", "Long", "Mai",
    "Nam", "Nga", "Phúc", "Quyên", "Sơn", "Tâm", "Thảo", "Trang", "Tuấn", "Việt", "Yến",
)  # fmt: skip
STREETS = ("Hàng Trống", "Lê Duẩn", "Nguyễn Trãi", "Trần Phú", "Quang Trung", "Hoàng Hoa Thám", "Láng", "Giải Phóng")

ITEMS = (
    "Kiểm tra hiện trạng lấn chiếm vỉa hè theo phản ánh của công dân, xử lý dứt điểm.",
    "Rà soát hồ sơ cấp giấy chứng nhận quyền sử dụng đất đã quá hẹn, trả lời công dân bằng văn bản.",
    "Làm rõ việc thoát nước khu dân cư, đề xuất phương án và thời gian khắc phục.",
    "Kiểm tra công trình xây dựng sai phép theo đơn kiến nghị, báo cáo kết quả.",
    "Trả lời kiến nghị về chế độ trợ cấp của hộ gia đình chính sách.",
    "Phối hợp xử lý tiếng ồn tại cơ sở kinh doanh, thông báo kết quả cho tổ dân phố.",
    "Xác minh nội dung phản ánh về đường dây điện mất an toàn, đề nghị đơn vị quản lý khắc phục.",
)
MOVE_REASONS = (
    "Dự họp Thành ủy theo giấy triệu tập",
    "Dự kỳ họp Hội đồng nhân dân thành phố",
    "Tham gia đoàn kiểm tra phòng, chống úng ngập của thành phố",
    "Tiếp đoàn giám sát của thành phố",
)
CANCEL_REASONS = ("Trụ sở mất điện theo lịch sửa chữa", "Người đứng đầu nghỉ ốm đột xuất")
PROGRESS = (
    "Đã kiểm tra thực địa, đang lập biên bản làm việc.",
    "Đã mời các hộ liên quan làm việc, thống nhất hướng giải quyết.",
    "Đang chờ ý kiến của đơn vị chuyên môn thành phố.",
)
PROOFS = (
    "Văn bản trả lời số {n}/UBND-VP đã gửi công dân.",
    "Biên bản kiểm tra số {n}/BB-UBND, công dân đã ký xác nhận.",
)


def invented_name(chance: Random) -> str:
    """ "Nguyễn Thị Lan (minh họa)"."""
    return f"{chance.choice(FAMILY)} {chance.choice(MIDDLE)} {chance.choice(GIVEN)} {MARK}"


def invented_phone(chance: Random) -> str:
    """A number of the Hà Nội area with a block that is not given out."""
    return f"024 0000 {chance.randrange(1000, 9999)}"


def invented_address(chance: Random) -> str:
    """A house number in one of a few streets."""
    return f"{chance.randrange(1, 200)} {chance.choice(STREETS)}"
